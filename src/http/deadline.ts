/** The work took too long; Fastify answers with the status code. */
class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly statusCode = 503;
}

/**
 * What `work` comes to, or an error when it takes longer. The work itself is not cut off here: the time limit of its
 * SQL statements ends it soon.
 */
export async function withDeadline<Result>(longestMs: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(`not answered within ${longestMs} ms`)), longestMs);
  });
  return Promise.race([work, deadline]).finally(() => clearTimeout(timer));
}
