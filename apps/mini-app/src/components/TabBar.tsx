import { Link } from '../router/Link';
import type { Route } from '../router/matchRoute';
import { Icon, type IconName } from './Icon';

const tabs: readonly { to: string; page: Route['page']; label: string; icon: IconName }[] = [
  { to: '/', page: 'lobby', label: 'Play', icon: 'play' },
  { to: '/history', page: 'history', label: 'History', icon: 'history' },
  { to: '/api-lab', page: 'api-lab', label: 'API lab', icon: 'lab' },
  { to: '/broken', page: 'broken', label: 'Crash lab', icon: 'crash' },
];

export function TabBar({ page }: { readonly page: Route['page'] }) {
  return (
    <nav className="tabbar" aria-label="Pages">
      {tabs.map((tab) => (
        <Link
          key={tab.to}
          to={tab.to}
          className="tab"
          data-testid={`tab-${tab.page}`}
          {...(tab.page === page ? { 'aria-current': 'page' as const } : {})}
        >
          <Icon name={tab.icon} />
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
