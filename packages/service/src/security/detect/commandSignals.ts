import type { NormalText } from './normalise';
import { matching, type Rule, type Signal } from './rule';

/** Programs that are no words of a language, and more than a visitor would mention. */
const PROGRAM = String.raw`(?:\/(?:usr\/)?s?bin\/\w{1,40}|whoami|uname|wget|curl|nslookup|ifconfig|ipconfig|netstat|netcat|ncat|powershell|nc|busybox|bash|sh|zsh|python[23]?|perl|ruby|php|chmod|chown|rm|ls|printenv|base64|systeminfo|tasklist|crontab|certutil|bitsadmin|rundll32|regsvr32|mshta|wmic|cscript|schtasks|socat|telnet|tftp|scp|mkfifo|nohup|systemctl|useradd|kubectl|lsof|xxd)`;
/** Programs that are words too, and count only with what words do not have. */
const WORDY =
  '(?:cat|id|ps|env|echo|sleep|ping|find|head|tail|more|touch|kill|dig|host|type|dir|net|cmd|set|w|who|tee|cp|mv|awk|sed|sudo|cd|shutdown|reboot|halt|mount|dd|tar|ssh|node|docker|service|openssl|hostname)';
const ARGUMENT = String.raw`(?: (?:-{1,2}\w|\/|~|\.{1,2}\/|\d|\$|['">|<]|https?:|[a-z]:|[\w-]{1,64}\.[a-z]{2}|user\b)|[$<>]|\{)`;
const END = String.raw`(?: ?$| ?[;|&\x60)#])`;
const COMMAND = `(?:${PROGRAM}(?:${ARGUMENT}|${END})|${WORDY}(?:${ARGUMENT}|${END}))`;
const SEPARATOR = String.raw`(?:;|\|\|?|&&?)`;

/** What stands before the separator is a parameter, if it is one word that is no program itself. */
export const commandRules: readonly Rule[] = [
  {
    name: 'separator_then_command',
    score: 5,
    pattern: new RegExp(`^['"]?\\)? ?${SEPARATOR} ?${COMMAND}`),
  },
  {
    name: 'parameter_then_command',
    score: 5,
    pattern: new RegExp(`^(?!${PROGRAM}\\b|${WORDY}\\b)[\\w.@:/=-]{1,64}['"]? ?${SEPARATOR} ?${COMMAND}`),
  },
  {
    // Prose leaves a space behind a separator.
    name: 'separator_at_command',
    score: 5,
    pattern: new RegExp(`^(?:;|\\|\\|?|&&?)(?:${PROGRAM}|${WORDY})(?: |$)`),
  },
  {
    name: 'command_substituted',
    score: 5,
    pattern: new RegExp(
      `^[^\\s\`$]{0,32}(?:(?:\`|\\$\\() ?(?:${PROGRAM}(?:${ARGUMENT}|${END})|${WORDY}${ARGUMENT}|(?:id|ps|env)[\`)])|\\$\\( ?${PROGRAM} [^)]{1,64}\\)|[\`(]\\/(?:usr\\/)?s?bin\\/\\w)`,
    ),
  },
  {
    name: 'reads_passwords',
    score: 5,
    pattern:
      /(?:[;|&`({]|\$\() ?cat[ ,]{1,2}\/etc\/|\$\( ?< ?\/\w|^[^ ]{0,40}[;|&`].{0,60}?\/etc\/(?:passwd|shadow|hosts)/,
  },
  {
    name: 'code_then_call',
    score: 5,
    pattern: /^[^;]{0,12}?[;)] ?(?:system|exec|passthru|shell_exec|popen|phpinfo|eval|assert) ?\(/,
  },
  {
    name: 'runs_programs',
    score: 5,
    pattern:
      /__import__ ?\(|child_process['"]\) ?\.|getruntime ?\( ?\) ?\.exec|\bos\.(?:system|popen) ?\(|<!--#exec|%\{ ?\(? ?#|(?:<%=?|#\{) ?(?:system|exec|`|%x)/,
  },
  { name: 'no_space_needed', score: 5, pattern: /\$\{?ifs\b|\{cat,\// },
  {
    name: 'remote_shell',
    score: 5,
    pattern: /\/dev\/tcp\/|\bnc (?:-\w{1,3} |[\w.]{1,40} \d{1,5} ){0,4}-e |\bbash -i\b/,
  },
  {
    name: 'remote_lookup',
    score: 6,
    pattern:
      /\$\{jndi:|\$\{(?:lower|upper|env|::-)[^}]{0,20}\}[^$]{0,20}:\/?\/?|\$\{[^}]{0,20}\$\{(?:lower|upper)/,
  },
  { name: 'function_in_variable', score: 6, pattern: /\(\) ?\{ ?:; ?\} ?;/ },
  { name: 'script_of_server', score: 5, pattern: /<\?(?:php|=) ?[^ ]/ },
  {
    name: 'inside_of_template',
    score: 5,
    pattern:
      /(?:\{\{|[$#*]\{|<%=) ?\d{1,20} ?\* ?'?\d|\{\{ ?(?:config\.(?:items|class)|request\.application|lipsum\b|cycler\b)|#set ?\( ?\$|\bt\(java\.|__(?:class|mro|globals|subclasses|builtins)__/,
  },
  { name: 'encoded_command', score: 5, pattern: /\bpowershell(?:\.exe)? -e(?:nc|ncodedcommand|c)? / },
];

const MAY_HOLD = /[;|&`$)][^a-z]{0,4}[a-z]|<[?%!]|[{#%$*]\{|\(\) ?\{|__|\/dev\/tcp\/|bash -i|powershell/;

export function commandSignals({ flat }: NormalText): Signal[] {
  if (!MAY_HOLD.test(flat)) return [];
  // A shell reads `c''at` as `cat`.
  return matching(commandRules, flat.replace(/([a-z])(?:''|"")(?=[a-z])/g, '$1'));
}
