import { defineConfig } from 'tsup';
import { browser } from '../../tsup.base';

export default defineConfig(browser);
