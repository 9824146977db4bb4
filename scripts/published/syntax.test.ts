import { readFileSync } from 'node:fs';
import { parse, tokenizer } from 'acorn';
import { expect, it } from 'vitest';
import { packagesFolder, pagePackages, publishedScripts } from './pageFiles';

/** As docs/versions.md says. */
const ecmaVersion = 2020;

interface Script {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly sourceType: 'script' | 'module';
}

const scripts = pagePackages.flatMap((name) =>
  publishedScripts(name).map((path): Script => {
    const sourceType = /\.(cjs|global\.js)$/.test(path) ? 'script' : 'module';
    return { name, path, text: readFileSync(path, 'utf8'), sourceType };
  }),
);

/** The scripts in which `find` finds something, with what it found. */
function offenders(find: (script: Script) => unknown) {
  return scripts.flatMap((script) => {
    const found = find(script);
    return found ? [[script.path.slice(packagesFolder.length), found]] : [];
  });
}

/** The texts of the names, or of the regular expressions, in a script. */
function tokensOf({ text, sourceType }: Script, label: 'name' | 'regexp'): string[] {
  const tokens = [...tokenizer(text, { ecmaVersion, sourceType })].filter(({ type }) => type.label === label);
  return tokens.map(({ start, end }) => text.slice(start, end));
}

it('finds the scripts of each package, those for pages without a bundler among them', () => {
  const found = scripts.map(({ path }) => path.slice(packagesFolder.length));
  expect(found).toEqual(expect.arrayContaining(pagePackages.map((name) => `${name}/dist/index.js`)));
  expect(found).toContain('core/dist/browser/artel-telemetry.js');
  expect(found).toContain('core/dist/browser/artel-telemetry.global.js');
});

// Without a declared character set a browser reads Latin-1: letters in strings are garbled, and a range of letters in a regular
// expression can be a syntax error, which ends the whole script.
it('publishes pure ASCII', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are ASCII too
  expect(offenders(({ text }) => /[^\x00-\x7f].{0,40}/.exec(text)?.[0])).toEqual([]);
});

it(`publishes what a browser of ES${ecmaVersion} can parse`, () => {
  const error = ({ text, sourceType }: Script) => {
    try {
      parse(text, { ecmaVersion, sourceType });
      return undefined;
    } catch (thrown) {
      return String(thrown);
    }
  };
  expect(offenders(error)).toEqual([]);
});

// ES2018, but Safari parses it from 16.4 on; before, it ends the whole script.
it('publishes no regular expression with a lookbehind', () => {
  const lookbehind = (script: Script) => tokensOf(script, 'regexp').find((text) => /\(\?<[=!]/.test(text));
  expect(offenders(lookbehind)).toEqual([]);
});

// In Sentry's package `process` is optional, and its peer needs a bundler anyway.
it('publishes no name that a bundler would have to replace', () => {
  const replaced = (script: Script) =>
    script.name !== 'sentry' && tokensOf(script, 'name').find((name) => /^(process|__DEV__)$/.test(name));
  expect(offenders(replaced)).toEqual([]);
});
