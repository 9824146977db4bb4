import { type RefObject, useEffect, useRef } from 'react';

/**
 * What a browser does for a page of its own, done for a page of the app: the title names it, and whoever goes on by
 * keyboard or ear begins at its heading. The first page is left to the browser. Answers the ref of the heading.
 */
export function useArrival(pathname: string, title: string): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(pathname);

  useEffect(() => {
    document.title = title;
  }, [title]);

  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    heading.current?.focus({ preventScroll: true });
  }, [pathname]);

  return heading;
}
