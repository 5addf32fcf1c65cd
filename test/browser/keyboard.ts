import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What has the focus, as it is called by its label or its own words. */
export function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const element = document.activeElement;
    if (element === document.body) return 'nothing';
    const labelledBy = document.getElementById(element.getAttribute('aria-labelledby') ?? '');
    const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? labelledBy?.textContent;
    return (label ?? element.textContent ?? '').replace(/ \\*$/, '').trim();
  })()`);
}

const MOST_STEPS = 80;

/**
 * Presses a key until something has the focus, as somebody without a mouse does.
 * @throws Error with all that had it on the way: then it cannot be reached
 */
export async function stepTo(page: Page, name: string | RegExp, by = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < MOST_STEPS; step++) {
    await page.keyboard.press(by);
    const now = await focused(page);
    if (typeof name === 'string' ? now === name : name.test(now)) return;
    passed.push(now.slice(0, 40));
  }
  throw new Error(`${by} never comes to ${name}, but to ${passed.join(' | ')}`);
}

/** Steps to something and presses it. */
export async function press(page: Page, name: string | RegExp, by = 'Tab'): Promise<void> {
  await stepTo(page, name, by);
  await page.keyboard.press('Enter');
}

/** Opens a menu by the button that has the focus, or comes to have it, and chooses from it. */
export async function chooseByKeys(page: Page, button: string, item: string): Promise<void> {
  await press(page, button);
  await page.getByRole('menu').getByRole('menuitem').first().waitFor();
  await expect.poll(() => page.evaluate(`document.activeElement.closest('[role="menu"]') !== null`)).toBe(true);
  await press(page, item, 'ArrowDown');
}
