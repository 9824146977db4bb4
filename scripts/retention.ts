// `npm run retention -- plan`: the program that keeps telemetry for as long as the policies say.
import '../packages/ops/src/retention/cli';
