import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

async function faultsOf(axe: AxeBuilder): Promise<readonly string[]> {
  const { violations } = await axe.options({ resultTypes: ['violations'] }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`));
}

/**
 * The page in one of its colour schemes, at rest: the app follows the medium in a task of its own, and what is still
 * fading from one scheme to the other has a contrast of its own.
 */
async function wear(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme });
  await expect(page.locator(`html[data-scheme="${scheme}"]`)).toBeVisible();
  await page.evaluate(async () => {
    for (let fading = document.getAnimations(); fading.length > 0; fading = document.getAnimations()) {
      await Promise.all(fading.map((animation) => animation.finished.catch(() => {})));
    }
  });
}

/**
 * Fails with rule and element when axe finds a serious or critical fault on the page as it stands, in the light theme
 * or in the dark one, which differ in nothing but colours.
 */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  await wear(page, 'light');
  expect(await faultsOf(new AxeBuilder({ page })), where).toEqual([]);
  await wear(page, 'dark');
  const { violations } = await new AxeBuilder({ page }).withRules(['color-contrast']).analyze();
  expect(
    violations.flatMap(({ nodes }) => nodes.map((node) => node.html.slice(0, 120))),
    `${where}, dark`,
  ).toEqual([]);
}
