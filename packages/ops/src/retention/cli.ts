import { runRetention } from './runRetention';

process.exitCode = await runRetention(process.argv.slice(2), {
  environment: process.env,
  now: Date.now,
  print: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
});
