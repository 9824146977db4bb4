import { runPrepare } from './runPrepare';

process.exitCode = runPrepare(process.argv.slice(2), {
  print: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
});
