import { describe, expect } from 'vitest';
import { answerTo, holdsAs, newPerson, test, trust } from '../../support/single-sign-on-world.ts';

describe('an access token that a trusted issuer gave', () => {
  test('is taken, in the role that it says', async ({ idp, server, world }) => {
    const { audience } = await trust(world, idp);
    const token = await idp.accessToken(newPerson(idp), audience);
    expect(await answerTo(server, token)).toEqual(holdsAs('PROVIDER_SUPPORT'));
  });
});
