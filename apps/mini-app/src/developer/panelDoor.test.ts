// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest';
import { leaveOpen, wasLeftOpen } from './panelDoor';

afterEach(() => window.sessionStorage.clear());

it('is open once after it was left open', () => {
  const storage = () => window.sessionStorage;
  expect(wasLeftOpen(storage)).toBe(false);
  leaveOpen(storage);
  expect([wasLeftOpen(storage), wasLeftOpen(storage)]).toEqual([true, false]);
});

it('stays shut where storage is forbidden', () => {
  const forbidden = () => {
    throw new Error('forbidden');
  };
  leaveOpen(forbidden);
  expect(wasLeftOpen(forbidden)).toBe(false);
});
