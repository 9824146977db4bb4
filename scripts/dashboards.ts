// `npm run dashboards`: writes the dashboards of Grafana into observability/grafana/dashboards/.
import '@artel/observability/dashboards/writeDashboards';
