import { Buffer } from 'node:buffer';
import type { Page } from 'playwright-core';

/** Some rows that are right, and some with each kind of mistake. */
export const fileWithErrors = [
  'name,externalId,plan,startsAt,endsAt,callThreshold,thresholdPeriod',
  'Harbour Clinic,N-9001,API Business,,2099-12-31,100000,DAY',
  '"Mills, Sons & Co.",N-9002,API Basic,2098-01-01,2099-12-31,,',
  'מרפאת הנמל,N-9003,,,,,',
  'Old Mill Bakery,N-9004,API Basic,,2099-02-30,,',
  ',N-9005,,,,,',
  `${'A very long name of a company that never ends '.repeat(4)},N-9006,API Basic,,2099-12-31,many,DAY`,
  'Harbour Clinic,N-9001,,,,,',
  '',
].join('\r\n');

export async function chooseFile(page: Page, content: string): Promise<void> {
  await page
    .getByLabel(/^Choose (a CSV|another) file$/)
    .setInputFiles({ name: 'organizations.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });
}
