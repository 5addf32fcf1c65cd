import pg from 'pg';

/**
 * A connection of its own for a few statements, closed at the end. Where it breaks, the statement under way fails with it.
 * @throws Error when it cannot be opened
 */
export async function withOwnConnection<Result>(
  connectionString: string,
  use: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined); // unheard, it would end the process
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => undefined); // it may be broken already
  }
}
