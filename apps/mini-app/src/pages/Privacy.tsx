import { useTexts } from '../i18n/useTexts';
import { Link } from '../router/Link';

function List({ items }: { readonly items: readonly string[] }) {
  return (
    <ul className="bullets">
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}

/** What is collected, in a player's words. */
export function Privacy() {
  const { privacy } = useTexts().texts;
  return (
    <article className="card prose" data-testid="privacy">
      <p>{privacy.lead}</p>
      <h2>{privacy.counted}</h2>
      <List items={privacy.countedItems} />
      <h2>{privacy.never}</h2>
      <List items={privacy.neverItems} />
      <h2>{privacy.device}</h2>
      <p>{privacy.deviceText}</p>
      <Link to="/settings" className="button primary">
        {privacy.choose}
      </Link>
    </article>
  );
}
