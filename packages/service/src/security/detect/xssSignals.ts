import type { NormalText } from './normalise';
import { matching, type Rule, type Signal } from './rule';

const CALLS = String.raw`(?:alert|prompt|confirm|eval|fetch|print|import|settimeout|top|self|window|document|location)\b ?[([.=]`;

export const xssRules: readonly Rule[] = [
  { name: 'script_tag', score: 3, pattern: /<\/?script\b/ },
  { name: 'script_acts', score: 3, pattern: /<script\b[^>]{0,120}>[^<]{0,120}?[(=]/ },
  {
    name: 'script_from_elsewhere',
    score: 3,
    pattern: /<script\b[^>]{0,120}\b(?:src|href) ?= ?["'`]?(?:(?:https?:)?\/\/|data:)/,
  },
  {
    // JSX binds handlers by `{`, and nothing in it runs.
    name: 'tag_with_handler',
    score: 5,
    pattern: /<[a-z][^<>]{0,300}?[\s/"'`]on[a-z]{4,20} ?= ?["'`]?[^\s>{"'`]/,
  },
  {
    name: 'attribute_with_handler',
    score: 5,
    pattern: /^[^<>]{0,64}["'] ?(?:[a-z]{1,20} )?on[a-z]{4,20} ?= ?["']?[a-z$_]/,
  },
  { name: 'script_address', score: 5, pattern: /^(?:javascript|vbscript): ?[^ ]{0,200}[(/`;]/ },
  { name: 'page_address', score: 5, pattern: /^data: ?text\/html[,;]/ },
  { name: 'frame_with_page', score: 5, pattern: /<iframe\b[^>]{0,200}\bsrcdoc ?=/ },
  {
    // What ends a string of a script, and goes on in the script.
    name: 'string_then_call',
    score: 5,
    pattern: new RegExp(`^[^<>'"\`]{0,40}['"\`]\\)?[;,}*|&+-]{1,3} ?${CALLS}`),
  },
  { name: 'call_from_the_middle', score: 5, pattern: new RegExp(`^[;,)}\\]+-]{1,4}${CALLS}`) },
  {
    name: 'call_in_template',
    score: 5,
    pattern: /[$#]\{ ?(?:alert|prompt|confirm|eval|fetch|print|import|settimeout)\b ?\(/,
  },
  { name: 'script_address_in_link', score: 5, pattern: /\]\( ?(?:javascript|vbscript):/ },
  {
    name: 'object_from_elsewhere',
    score: 5,
    pattern:
      /<(?:object|embed|applet)\b[^>]{0,200}\b(?:data|src|code|codebase|archive) ?= ?["'`]?(?:https?:)?\/\//,
  },
  {
    name: 'style_tag_acts',
    score: 5,
    pattern:
      /<style\b[^>]{0,100}>[^<]{0,200}?(?:@import\b|expression ?\(|behaviou?r ?:|-moz-binding|javascript:)/,
  },
  { name: 'base_tag', score: 5, pattern: /<base\b[^>]{0,100}\bhref ?=/ },
  { name: 'refresh_tag', score: 5, pattern: /<meta\b[^>]{0,100}\bhttp-equiv ?= ?["']?refresh/ },
  {
    name: 'style_from_elsewhere',
    score: 5,
    pattern: /^.{0,20}<link\b[^>]{0,100}\bstylesheet\b[^>]{0,100}\bhref ?= ?["']?(?:https?:)?\/\//,
  },
  { name: 'style_expression', score: 5, pattern: /style ?= ?["']?[^>]{0,100}expression ?\(/ },
  {
    name: 'constructor_in_template',
    score: 5,
    pattern: /\{\{[^{}]{0,80}constructor ?(?:\.constructor ?)?\(/,
  },
];

/** Browsers overlook whitespace in an address's scheme: https://url.spec.whatwg.org/#concept-basic-url-parser */
export const squeezedXssRules: readonly Rule[] = [
  {
    name: 'script_address_in_attribute',
    score: 5,
    pattern:
      /<[a-z][^<>]{0,300}?(?:href|src|action|data|url|content|poster|background)=["'`]?(?:[^"'>]{0,20}url=)?(?:javascript|vbscript):/,
  },
  {
    name: 'script_address_in_style',
    score: 5,
    pattern: /<[a-z][^<>]{0,300}?url\(["'`]?(?:(?:java|vb)script:|data:text\/html)/,
  },
  {
    name: 'page_address_in_attribute',
    score: 5,
    pattern: /<[a-z][^<>]{0,300}?(?:href|src|action|data|url)=["'`]?data:(?:text\/html|image\/svg)/,
  },
];

const MAY_HOLD =
  /<[a-z/<]|["'`](?: ?(?:[a-z]{1,20} )?on[a-z]{4}|\)?[;,}*|&+-])|^(?:javascript|vbscript|data):|\{\{|[$#]\{|\]\(|^[;,)}\]+-]/;

export function xssSignals({ flat }: NormalText): Signal[] {
  if (!MAY_HOLD.test(flat)) return [];
  const signals = matching(xssRules, flat);
  return flat.includes('<') ? [...signals, ...matching(squeezedXssRules, flat.replaceAll(' ', ''))] : signals;
}
