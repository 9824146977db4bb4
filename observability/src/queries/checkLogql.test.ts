import { describe, expect, it } from 'vitest';
import { checkLogql } from './checkLogql';
import { checkTraceql } from './checkTraceql';

const known = {
  labels: new Set(['service', 'level']),
  fields: new Set(['service', 'level', 'duration_ms', 'message', 'trace_id']),
};

describe('a faulty expression of LogQL', () => {
  it.each([
    ['{service="game"', 'syntax: unexpected'],
    ['{service="game"} | json | duration_ms >', 'syntax: unexpected'],
    ['|= "ERROR"', 'syntax: unexpected'],
    ['{servise="game"}', '{servise}: no stream has that label'],
    ['{trace_id="1"}', '{trace_id}: no stream has that label'],
    ['{service="game"} | json | duration > 1000', 'filter duration: no line has that field'],
    ['{service="game"} | json | level="x" or kind="y"', 'filter kind: no line has that field'],
    ['{service="game"} | line_format "{{.text}}"', 'template text: no line has that field'],
    ['{service="game"} | line_format "{{or .message .text}}"', 'template text: no line has that field'],
    ['sum by (region) (count_over_time({service="game"}[5m]))', 'by region: no line has that field'],
    ['sum(rate({service="game"} | json | unwrap size [1m]))', 'stage size: no line has that field'],
    ['{service="game"} | keep level, region', 'stage region: no line has that field'],
  ])('%s is told: %s', (expression, problem) => {
    expect(checkLogql(expression, known).join('\n')).toContain(problem);
  });

  it.each([
    '{service=~"game|gateway", level="error"} |= "x" | json | duration_ms > 1000 | line_format "{{.message}}"',
    'sum by (level) (count_over_time({service="game"} | json [5m]))',
    '{service="game"} | regexp "(?P<verb>\\\\w+) (?P<path>.+)" | verb="GET" | line_format "{{.path}}"',
    '{service="game"} | pattern "<ip> - <rest>" | ip!=""',
    '{service="game"} | label_format took=duration_ms | took > 5',
    '{service="game"} | json first="a.b" | first="c"',
  ])('%s has no fault', (expression) => {
    expect(checkLogql(expression, known)).toEqual([]);
  });
});

describe('an expression of TraceQL', () => {
  const attributes = new Set(['resource.service.name', 'span.http.route']);

  it.each([
    ['{ resource.service.name = "a" && }', 'syntax: unexpected'],
    ['{ nestedSetWrong < 0 }', 'syntax: unexpected'],
    ['{ span.http.url = "a" }', 'span.http.url: no span of ours has that attribute'],
    ['{ .service.name = "a" }', '.service.name: no span of ours has that attribute'],
    ['{ status = error } | by(resource.cluster)', 'resource.cluster: no span of ours has that attribute'],
  ])('%s is told: %s', (expression, problem) => {
    expect(checkTraceql(expression, attributes).join('\n')).toContain(problem);
  });

  it.each([
    '{ resource.service.name =~ "a|b" && (status = error || duration > 500ms) }',
    '{ span.http.route = "/a" } >> { status = error } | count() > 2',
    '{ } | rate() by (resource.service.name)',
  ])('%s has no fault', (expression) => {
    expect(checkTraceql(expression, attributes)).toEqual([]);
  });
});
