import { describe, expect, it } from 'vitest';
import { matchRoute, pageName } from './matchRoute';

describe('matchRoute', () => {
  it.each([
    ['/', { page: 'lobby' }],
    ['/game/42', { page: 'game', id: '42' }],
    [
      '/game/0b51a4d6-77aa-4c3e-9d1f-3a5b1c2d4e6f',
      { page: 'game', id: '0b51a4d6-77aa-4c3e-9d1f-3a5b1c2d4e6f' },
    ],
    ['/history', { page: 'history' }],
    ['/history/', { page: 'history' }],
    ['/settings', { page: 'settings' }],
    ['/privacy', { page: 'privacy' }],
    ['/broken', { page: 'broken' }],
    ['/api-lab', { page: 'api-lab' }],
    ['/game', { page: 'missing' }],
    ['/game/4/2', { page: 'missing' }],
    ['/game/%3Cb%3E', { page: 'missing' }],
    ['/elsewhere', { page: 'missing' }],
  ])('reads %s', (path, route) => {
    expect(matchRoute(path)).toEqual(route);
  });

  it('gives all games one name', () => {
    expect(pageName(matchRoute('/game/1'))).toBe(pageName(matchRoute('/game/2')));
    expect(pageName(matchRoute('/'))).toBe('/');
    expect(pageName(matchRoute('/api-lab'))).toBe('/api-lab');
  });
});
