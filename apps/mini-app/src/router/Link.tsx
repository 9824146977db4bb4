import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { navigate } from './navigate';

type Props = AnchorHTMLAttributes<HTMLAnchorElement> & { readonly to: string };

/** An anchor that stays in the app; a click with a modifier key is left to the browser. */
export function Link({ to, ...rest }: Props) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return <a href={to} onClick={follow} {...rest} />;
}
