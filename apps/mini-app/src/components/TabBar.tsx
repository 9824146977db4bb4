import { useTexts } from '../i18n/useTexts';
import { Link } from '../router/Link';
import type { Route } from '../router/matchRoute';
import { Icon, type IconName } from './Icon';

const tabs = [
  { to: '/', page: 'lobby', icon: 'play' },
  { to: '/history', page: 'history', icon: 'history' },
  { to: '/api-lab', page: 'api-lab', icon: 'lab' },
  { to: '/broken', page: 'broken', icon: 'crash' },
  { to: '/settings', page: 'settings', icon: 'settings' },
] as const satisfies readonly { to: string; page: Route['page']; icon: IconName }[];

export function TabBar({ page }: { readonly page: Route['page'] }) {
  const texts = useTexts().texts.tabs;
  return (
    <nav className="tabbar" aria-label={texts.label}>
      {tabs.map((tab) => (
        <Link
          key={tab.to}
          to={tab.to}
          className="tab"
          data-testid={`tab-${tab.page}`}
          {...(tab.page === page ? { 'aria-current': 'page' as const } : {})}
        >
          <Icon name={tab.icon} />
          {texts[tab.page]}
        </Link>
      ))}
    </nav>
  );
}
