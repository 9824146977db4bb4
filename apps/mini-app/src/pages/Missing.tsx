import { useTexts } from '../i18n/useTexts';
import { Link } from '../router/Link';

export function Missing({ what }: { readonly what?: string }) {
  const { missing } = useTexts().texts;
  return (
    <section className="card empty" data-testid="missing">
      <h2>{missing.title}</h2>
      <p className="hint">{what ?? missing.page}</p>
      <Link to="/" className="button primary">
        {missing.lobby}
      </Link>
    </section>
  );
}
