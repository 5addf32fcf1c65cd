import { expect, test } from 'vitest';
import { ensureRuntimeLogin } from '../../../src/database/runtime-login.ts';
import { cloneTestDatabase } from '../../support/test-database.ts';

test('the login that Keyward works as is made once, however many processes start at once', async () => {
  for (let round = 0; round < 5; round++) {
    await using database = await cloneTestDatabase();
    const logins = await Promise.all(Array.from({ length: 8 }, () => ensureRuntimeLogin(database.ownerUrl)));
    expect(new Set(logins).size).toBe(1);
  }
});
