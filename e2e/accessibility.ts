import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

async function faultsOf(axe: AxeBuilder): Promise<readonly string[]> {
  const { violations } = await axe.options({ resultTypes: ['violations'] }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`));
}

/** What is still fading has a contrast of its own. */
async function rest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})));
  });
}

/**
 * Fails with rule and element when axe finds a serious or critical fault on the page as it stands, in the light theme
 * or in the dark one, which differ in nothing but colours.
 */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  await rest(page);
  expect(await faultsOf(new AxeBuilder({ page })), where).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.locator('html[data-scheme="dark"]')).toBeVisible();
  await rest(page);
  const { violations } = await new AxeBuilder({ page }).withRules(['color-contrast']).analyze();
  expect(
    violations.flatMap(({ nodes }) => nodes.map((node) => node.html.slice(0, 120))),
    `${where}, dark`,
  ).toEqual([]);
}
