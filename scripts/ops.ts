// `npm run ops -- COMMAND`: the commands of an operator, `artel-ops`, with the gateway of this repository.
import { runOps } from '@artel/telemetry-ops';
import { builtGateway } from './stack/backupPlaces';

process.exitCode = await runOps(process.argv.slice(2), { gateway: builtGateway });
