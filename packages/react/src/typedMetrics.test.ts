// @vitest-environment node
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../type-tests', import.meta.url));

/** What the compiler says of an app made of these files, with the package as it is built. */
function problemsOf(files: readonly string[]): string[] {
  const program = ts.createProgram(
    files.map((file) => `${folder}/${file}`),
    {
      strict: true,
      skipLibCheck: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
      types: [],
    },
  );
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${file?.fileName.split('/').pop()}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

// Each wrong call stands below a `@ts-expect-error`, which is an error itself where the next line is right.
it.each([
  [
    'with what is declared registered, refuse any other name, label and value',
    ['registered.ts', 'metrics.ts', 'partly.ts'],
  ],
  ['with nothing registered, take any text', ['unregistered.ts']],
])('%s', (_, files) => {
  expect(problemsOf(files)).toEqual([]);
});
