// `npm run retention -- plan`: the program that keeps telemetry for as long as the policies say.
import '../observability/src/retention/cli';
