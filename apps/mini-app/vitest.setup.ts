import { WAIT_PATIENCE } from '../../vitest.patience.ts';

// Only where there is a page: it loads React.
if (typeof document !== 'undefined') {
  const { configure } = await import('@testing-library/react');
  configure({ asyncUtilTimeout: WAIT_PATIENCE });
}
