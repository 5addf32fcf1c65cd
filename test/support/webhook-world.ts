import { test as keyTest } from './key-world.ts';
import { openTestInstallation } from './test-installation.ts';
import { startReceiver } from './webhook-receiver.ts';

/** A test with an installation for its file that may send webhooks to a receiver of its own. */
export const test = keyTest
  .extend('keyward', { scope: 'file' }, async ({}, { onCleanup }) => {
    const keyward = await openTestInstallation({ allowedPrivateHosts: ['127.0.0.1'] });
    onCleanup(() => keyward[Symbol.asyncDispose]());
    return keyward;
  })
  .extend('receiver', async ({}, { onCleanup }) => {
    const receiver = await startReceiver();
    onCleanup(() => receiver[Symbol.asyncDispose]());
    return receiver;
  });
