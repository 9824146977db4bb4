/** The data sources, by the uids that provisioning/datasources gives them. */
export const sources = {
  prometheus: { type: 'prometheus', uid: 'prometheus' },
  loki: { type: 'loki', uid: 'loki' },
  tempo: { type: 'tempo', uid: 'tempo' },
  alertmanager: { type: 'alertmanager', uid: 'alertmanager' },
  /** Grafana's own store of annotations. */
  grafana: { type: 'grafana', uid: '-- Grafana --' },
} as const;
