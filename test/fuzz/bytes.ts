import fc from 'fast-check';
import { text } from './values.ts';

const lines = fc.constantFrom(
  'Host: keyward.test',
  'Host: ',
  'Host: a b',
  'Content-Length: 2',
  'Content-Length: 0',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: x',
  'Content-Type: application/json',
  'Connection: close',
  'Connection: upgrade',
  'Upgrade: websocket',
  'Upgrade: h2c',
  'HTTP2-Settings: AAA',
  'Expect: 100-continue',
  'Expect: x',
  'Authorization: Bearer a.b.c',
  'Cookie: a=b; =; ;;',
  'Accept-Encoding: gzip',
  ' folded: x',
  'x',
  ':',
  'x:\u0000',
  'Trailer: x',
  'Range: bytes=0-',
);
const bodies = fc.constantFrom(
  '',
  '{}',
  '{"query":"{ viewer { id } }"}',
  '2\r\n{}\r\n0\r\n\r\n',
  'zz\r\n',
  'ffffffffffffffff\r\n',
  '0\r\nx: y\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n',
);

/** Requests that are hardly HTTP any more, as the bytes that go over the wire. */
export const rawRequests: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'PRI', 'CONNECT', 'get', '', 'GRAB', 'G\0T'),
    fc.oneof(
      fc.constantFrom(
        '/',
        '/graphql',
        '/healthz',
        '*',
        '//',
        '/%',
        'http://a/',
        '/graphql?query=%7B__typename%7D',
        '/\u00ff',
      ),
      text,
    ),
    fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1', ''),
    fc.array(fc.oneof({ weight: 6, arbitrary: lines }, { weight: 1, arbitrary: text }), { maxLength: 7 }),
    fc.oneof({ weight: 6, arbitrary: bodies }, { weight: 1, arbitrary: text }),
    fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r'),
  )
  .map(([method, path, version, headers, body, end]) =>
    [`${method} ${path} ${version}`, ...headers, 'Host: keyward.test', '', body].join(end),
  );
