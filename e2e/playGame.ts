import { expect, type Page } from '@playwright/test';

/** Opens the lobby and starts a game of `type`. */
export async function startGame(page: Page, app: string, type = 'kolkhoz'): Promise<void> {
  await page.goto(app);
  await page.getByTestId(`game-type-${type}`).click();
  await page.getByTestId('start-game').click();
  await expect(page.getByTestId('table')).toBeVisible();
}

/** Pots the balls `from` to `to` by tap. */
export async function potBalls(page: Page, from: number, to: number): Promise<void> {
  for (let ball = from; ball <= to; ball++) await page.getByTestId(`ball-${ball}`).click();
}
