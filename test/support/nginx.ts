import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DistributionProgram, startProgram } from './distribution-program.ts';
import { freePort } from './free-port.ts';

export interface Nginx extends AsyncDisposable {
  readonly url: string;
  /** One of its files. */
  read(name: string): Promise<string>;
}

const NGINX: DistributionProgram = {
  name: 'nginx',
  aptPackage: 'nginx-light',
  versionFlag: '-v',
  stopSignals: ['SIGQUIT', 'SIGTERM'],
};

function surroundings(folder: string): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const temporary = kinds.map((kind) => `${kind}_temp_path ${join(folder, kind)};`);
  return `daemon off;
worker_processes 1;
pid ${join(folder, 'pid')};
error_log ${join(folder, 'log')};
events {}
http {
  access_log off;
  ${temporary.join('\n  ')}
  include ${join(folder, 'site.conf')};
}
`;
}

/**
 * The distribution's nginx on a free port.
 * @param site what the documentation has for the http block, given the port and a folder for further files
 * @param files further files, by name
 */
export async function startNginx(
  site: (port: number, folder: string) => string,
  files: Readonly<Record<string, string>>,
): Promise<Nginx> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const running = await startProgram(NGINX, {
    parametersIn: (folder) => ['-c', join(folder, 'nginx.conf'), '-p', folder, '-e', join(folder, 'log')],
    filesIn: (folder) => ({ ...files, 'nginx.conf': surroundings(folder), 'site.conf': site(port, folder) }),
    ask: async () => void (await fetch(url)),
  });
  return {
    url,
    read: (name) => readFile(join(running.folder, name), 'utf8'),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}
