#!/usr/bin/env node
import { runOps } from './index.js';

process.exitCode = await runOps(process.argv.slice(2));
