import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the configuration', () => {
  it('needs no variable, and binds to this machine only', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4320,
      environment: 'development',
      origins: [],
    });
  });

  it('names every bad variable at once, with its value and what was expected', () => {
    const problems = problemsOf({
      GATEWAY_PORT: '70000',
      GATEWAY_ENV: 'staging',
      GATEWAY_ORIGINS: 'https://a.b, *',
    });
    expect(problems).toHaveLength(3);
    expect(problems.join('\n')).toMatch(/GATEWAY_PORT: expected a whole number from 0 to 65535, got "70000"/);
    expect(problems.join('\n')).toMatch(
      /GATEWAY_ENV: expected one of development, production, got "staging"/,
    );
    expect(problems.join('\n')).toMatch(/GATEWAY_ORIGINS: expected origins like .*, got "\*"/);
  });

  it('does not show a secret that is too short', () => {
    expect(problemsOf({ GATEWAY_SECRET: 'hunter2' }).join()).toBe(
      'GATEWAY_SECRET: expected at least 32 characters, got 7',
    );
  });
});
