import { Link } from '../router/Link';

export function Missing({ what = 'This page does not exist.' }: { readonly what?: string }) {
  return (
    <section className="card empty" data-testid="missing">
      <h2>Off the table</h2>
      <p className="hint">{what}</p>
      <Link to="/" className="button primary">
        To the lobby
      </Link>
    </section>
  );
}
