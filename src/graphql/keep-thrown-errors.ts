import { createRequire } from 'node:module';
import { GraphQLError } from 'graphql';
import type { JitRuntime } from 'graphql-jit/dist/runtime.js';

// graphql-jit loses an error that is thrown while the value of a promise is taken apart, as by a getter: the request would
// never be answered, and the unhandled rejection would end the process. Imported once, for its effect, this makes it one of
// the query's errors instead.

// What graphql-jit itself uses: behind its ES module its modules are CommonJS.
const { jitRuntime }: { jitRuntime: JitRuntime } = createRequire(import.meta.url)('graphql-jit/dist/runtime.js');

for (const step of ['handleResolverResult', 'handleListItemResult'] as const) {
  const original = jitRuntime[step].bind(jitRuntime);
  jitRuntime[step] = (ctx, given, onSuccess, onError) => {
    const takeApart = (value: unknown) => {
      try {
        onSuccess(value);
      } catch (error) {
        ctx.errors.push(new GraphQLError(error instanceof Error ? error.message : 'a value could not be read'));
      }
    };
    original(ctx, given, takeApart, onError);
  };
}
