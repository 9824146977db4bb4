import type { NormalText } from './normalise';
import { matching, type Rule, type Signal } from './rule';

/** Paths that a Node service does not have, and that are asked for by those who look for what was left lying about. */
export const probeRules: readonly Rule[] = [
  { name: 'hidden_file', score: 5, pattern: /\/\.(?!well-known(?:\/|$))[a-z]/ },
  { name: 'other_language', score: 5, pattern: /\.(?:php\d?|phtml|aspx?|jspx?|cgi|cfm|action|do)(?:\/|$)/ },
  {
    name: 'other_software',
    score: 5,
    pattern:
      /\/(?:wp-(?:admin|content|includes|login|json|config)|phpmyadmin|pma|myadmin|cgi-bin|actuator|server-(?:status|info)|hnap1|boaform|solr\/admin|manager\/html|web\.config|web-inf|autodiscover|owa\/auth|_ignition|telescope\/requests|jenkins\/script|console\/login|_profiler|phpinfo|adminer|administrator|ecp)(?:[/.-]|$)/,
  },
  {
    name: 'door_of_other_software',
    score: 5,
    pattern:
      /\/(?:debug\/(?:pprof|vars)|_cat\/indices|_all_dbs|v2\/_catalog|latest\/meta-data|jmx-console|invoker|axis2|druid|nacos|geoserver|remote\/login|dana-na|global-protect|zabbix|roundcube)(?:\/|$)/,
  },
  {
    name: 'secret_file',
    score: 5,
    pattern:
      /\/(?:id_[rd]sa|credentials(?:\.json)?|secrets?\.(?:json|ya?ml|key)|(?:database|parameters)\.yml|etc\/(?:passwd|shadow)|sftp-config\.json|docker-compose\.ya?ml|appsettings(?:\.\w{1,20})?\.json|application\.(?:ya?ml|properties)|composer\.(?:json|lock)|package(?:-lock)?\.json|yarn\.lock|gemfile(?:\.lock)?|pom\.xml|build\.gradle|requirements\.txt)$/,
  },
  {
    name: 'left_copy',
    score: 5,
    pattern:
      /\.(?:sql|bak|old|orig|swp|sqlite3?|dump|rdb|mdb|tfstate|kdbx|pem|pfx|p12|ppk|jks)(?:\.\w{1,4})?$|~$/,
  },
  {
    name: 'whole_archive',
    score: 5,
    pattern:
      /^\/[\w.-]{1,60}\.(?:zip|tar|tgz|rar|7z|tar\.\w{2,3})$|\/(?:[\w-]{0,40}(?:backup|dump)|db|database|site|www|web|html|app|src|source|data|old)s?\.(?:zip|tar|tgz|gz|rar|7z|tar\.\w{2,3})$/,
  },
  {
    name: 'log_file',
    score: 5,
    pattern:
      /\/(?:logs?\/.{0,80}|[\w-]{0,40}(?:error|access|debug|server|production|development|laravel))\.log(?:\.(?:gz|zip|bak|old|\d{1,3}))?$/,
  },
];

/** Whether a path of letters, digits, `/`, `-` and `_` alone may be one of them. */
export function isProbed(path: string): boolean {
  return probeRules.some(({ pattern }) => pattern.test(path));
}

export function probeSignals({ flat }: NormalText): Signal[] {
  return matching(probeRules, flat);
}

/** A step up in the path of a request: browsers and HTTP clients take these out before they send. */
export function pathSteps({ flat }: NormalText): Signal[] {
  return /(?:^|[\\/])\.{2,4}[;\\/]/.test(flat) ? [{ name: 'steps_up_in_path', score: 6 }] : [];
}
