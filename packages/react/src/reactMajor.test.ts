import { version } from 'react';
import { version as domVersion } from 'react-dom';
import { expect, it } from 'vitest';

it('tests with the React that its project names', () => {
  expect([version, domVersion].map((text) => text.split('.')[0])).toEqual([
    process.env['REACT_MAJOR'],
    process.env['REACT_MAJOR'],
  ]);
});
