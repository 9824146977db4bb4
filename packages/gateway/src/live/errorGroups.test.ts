import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createErrorGroups } from './errorGroups';
import type { ErrorReport } from './readLine';
import type { ErrorGroup } from './wire';

const report = (extra: Partial<ErrorReport> = {}): ErrorReport => ({
  at: 1_000,
  type: 'TypeError',
  message: 'x is not a function',
  stack: 'at a',
  ...extra,
});

it('counts reports that differ by nothing but numbers and ids as one, and shows the last message', () => {
  const groups = createErrorGroups({ room: 10 });
  groups.add(report({ at: 1_000, message: 'Timeout of table 7 after 1532 ms (deadbeefcafe01)' }));
  groups.add(
    report({ at: 2_000, message: 'Timeout of table 12 after 90 ms (deadbeefcafe02)', stack: 'at b' }),
  );
  expect(groups.all()).toEqual([
    {
      id: 1,
      type: 'TypeError',
      message: 'Timeout of table 12 after 90 ms (deadbeefcafe02)',
      stack: 'at a',
      count: 2,
      first: 1_000,
      last: 2_000,
    },
  ]);
  groups.add(report({ type: 'RangeError' }));
  groups.add(report({ tenant: 'billiards/production' }));
  expect(groups.all()).toHaveLength(3);
});

it('makes room by the rarest, and first by one that has been silent', () => {
  const groups = createErrorGroups({ room: 2 });
  groups.add(report({ type: 'Frequent' }));
  groups.add(report({ type: 'Frequent' }));
  groups.add(report({ type: 'Once' }));
  groups.add(report({ type: 'Newcomer', at: 5_000 }));
  expect(groups.all().map(({ type }) => type)).toEqual(['Newcomer', 'Frequent']);
  groups.add(report({ type: 'Later', at: 1_000 + 16 * 60_000 }));
  expect(groups.all().map(({ type }) => type)).toEqual(['Later', 'Newcomer']);
});

it('tells a stack once, and again where it came late', () => {
  const groups = createErrorGroups({ room: 5 });
  groups.add(report({ stack: '' }));
  expect(groups.fresh(5).groups).toEqual([expect.objectContaining({ count: 1, stack: '' })]);
  groups.add(report({ stack: 'at late' }));
  expect(groups.fresh(5).groups).toEqual([expect.objectContaining({ count: 2, stack: 'at late' })]);
  groups.add(report());
  const { groups: third } = groups.fresh(5);
  expect(third).toEqual([expect.objectContaining({ count: 3 })]);
  expect(third[0]).not.toHaveProperty('stack');
  expect(groups.fresh(5)).toEqual({ groups: [], gone: [] });
});

it('keeps a page that applies what it is told equal to itself, in messages of bounded size', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ type: fc.nat(12), stack: fc.constantFrom('', 'at a') }),
      fc.constantFrom('tell' as const, 'reload' as const),
    ),
    { maxLength: 120 },
  );
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }), (list, room, most) => {
      const groups = createErrorGroups({ room });
      const page = new Map<number, ErrorGroup>();
      let at = 0;
      const tell = (): number => {
        const { groups: told, gone } = groups.fresh(most);
        for (const id of gone) page.delete(id);
        for (const group of told) page.set(group.id, { ...page.get(group.id), ...group });
        expect(told.filter(({ stack }) => stack !== undefined).length).toBeLessThanOrEqual(most);
        return told.length;
      };
      for (const step of list) {
        if (step === 'tell') tell();
        else if (step === 'reload') {
          page.clear();
          for (const group of groups.all()) page.set(group.id, group);
        } else
          groups.add(
            report({ type: `Type${'abcdefghijklm'[step.type]}`, stack: step.stack, at: at++, message: 'm' }),
          );
      }
      while (tell() > 0);
      const shown = [...page.values()].sort((a, b) => b.last - a.last || b.id - a.id);
      expect(shown).toEqual(groups.all());
      expect(shown.length).toBeLessThanOrEqual(room);
    }),
  );
});
