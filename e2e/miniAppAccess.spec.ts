import type { Page } from '@playwright/test';
import { expectAccessible } from './accessibility';
import { startGame } from './playGame';
import { expect, test, withoutBrowser } from './stack';

test.skip(...withoutBrowser);

/** Every page of the app, and every view of the panel, in the states that a player brings them into. */
async function expectAllAccessible(page: Page, app: string): Promise<void> {
  await page.goto(app);
  await expect(page.getByTestId('consent-card')).toBeVisible();
  await expectAccessible(page, 'lobby, asking for consent');
  await page.getByTestId('consent-allow').click();
  await expectAccessible(page, 'lobby');

  await startGame(page, app);
  await page.getByTestId('ball-3').click();
  await expectAccessible(page, 'game');
  await page.getByTestId('stats-toggle').click();
  await expectAccessible(page, 'panel: books');
  await page.getByTestId('view-batch').click();
  await page.getByTestId('stats-flush').click();
  await expect(page.getByTestId('batch-metrics')).toBeVisible();
  await page.locator('.raw summary').click();
  await expectAccessible(page, 'panel: batch');
  await page.getByTestId('view-trouble').click();
  await page.getByTestId('trouble-offline').click();
  await expectAccessible(page, 'panel: trouble');
  await page.getByTestId('trouble-offline').click();
  await page.getByTestId('view-context').click();
  await expectAccessible(page, 'panel: context');
  await page.getByTestId('stats-close').click();
  await page.getByTestId('finish-game').click();
  await expectAccessible(page, 'result');

  for (const path of ['/history', '/settings', '/privacy', '/api-lab', '/nowhere', '/game/none']) {
    await page.goto(app + path);
    await expect(page.locator('main').first()).not.toBeEmpty();
    await expectAccessible(page, path);
  }
  await page.goto(`${app}/broken`);
  await expectAccessible(page, '/broken');
  await page.getByTestId('break-it').click();
  await expect(page.getByTestId('boundary-fallback')).toBeVisible();
  await expectAccessible(page, '/broken, broken');
}

for (const locale of ['en-GB', 'ru-RU']) {
  test.describe(locale, () => {
    test.use({ locale });
    test('no page has a serious accessibility fault, in light or dark', async ({ page, stack }) => {
      test.slow();
      await expectAllAccessible(page, stack.app);
    });
  });
}

test('a game is played from its start to its end by keyboard, and the focus is never lost', async ({
  page,
  stack,
}) => {
  await page.goto(stack.app);
  await page.getByTestId('game-type-americanka').locator('input').focus();
  await page.keyboard.press('ArrowRight');
  await page.getByTestId('start-game').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('table')).toBeVisible();
  await expect(page.locator('h1')).toBeFocused();
  await expect(page).toHaveTitle(/^Game/);

  await page.getByTestId('ball-1').focus();
  for (let ball = 1; ball <= 7; ball++) {
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('news')).toHaveText(`Ball ${ball} is down. Anna: ${ball}.`);
    await expect(page.getByTestId(`ball-${ball + 1}`)).toBeFocused();
  }
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('result')).toContainText('Anna wins');
  await page.getByTestId('new-game').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('h1')).toBeFocused();
  await expect(page).toHaveTitle(/^Artel Billiards/);
});

test('the panel is used by keyboard, and gives the focus back', async ({ page, stack }) => {
  await page.goto(stack.app);
  await page.getByTestId('stats-toggle').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('view-books')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('view-context')).toBeFocused();
  await expect(page.getByTestId('context-page')).toHaveText('/');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('trouble-offline')).toBeFocused();
  await page.keyboard.press('Space');
  await expect(page.getByTestId('offline-chip')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('stats-panel')).toBeHidden();
  await expect(page.getByTestId('stats-toggle')).toBeFocused();
});

test('whatever is tapped is 44 pixels wide and high, on the smallest phone too', async ({ page, stack }) => {
  const small = async (where: string) => {
    const sizes = await page
      .locator('button:visible, a:visible:not(p a), summary:visible, label:visible')
      .evaluateAll((elements) =>
        elements.map((element) => {
          const { width, height } = element.getBoundingClientRect();
          return {
            what: element.outerHTML.slice(0, 90),
            side: Math.round(Math.min(width, height) * 10) / 10,
          };
        }),
      );
    expect(sizes.length, where).toBeGreaterThan(3);
    expect(
      sizes.filter(({ side }) => side < 44),
      where,
    ).toEqual([]);
  };
  await page.setViewportSize({ width: 320, height: 568 });
  await startGame(page, stack.app);
  await expect(page.locator('.ball:not(.cue)')).toHaveCount(15);
  await small('game');
  await page.getByTestId('stats-toggle').click();
  for (const view of ['books', 'trouble']) {
    await page.getByTestId(`view-${view}`).click();
    await small(view);
  }
  for (const path of ['/', '/settings', '/privacy', '/api-lab', '/broken']) {
    await page.goto(stack.app + path);
    await small(path);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, path).toBeLessThanOrEqual(0);
  }
});

test.describe('whoever prefers reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('sees a ball gone at once', async ({ page, stack }) => {
    await startGame(page, stack.app);
    await page.getByTestId('ball-3').click();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    expect(await page.getByTestId('ball-3').isHidden()).toBe(true);
  });
});
