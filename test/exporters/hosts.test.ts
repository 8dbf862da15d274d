import { expect, test } from 'vitest';
import { isLoopback, ownHosts, refuseHost } from '../../exporters/hosts/index.ts';

const LOOPBACK = ['localhost', 'localhost.', 'a.localhost', '127.0.0.1', '127.9.9.9', '[::1]'];

test.each([
  [
    '127.0.0.1',
    [],
    [],
    ['a.example', '192.0.2.1', '[::]', '0.0.0.0', 'todo', 'a.localhost.example'],
  ],
  ['::1', [], [], ['a.example', '[::2]']],
  ['192.0.2.1', [], ['192.0.2.1'], ['192.0.2.2', 'a.example']],
  ['[2001:DB8::1]', [], ['[2001:db8::1]'], ['[2001:db8::2]']],
  ['Todo.example', ['a.example'], ['todo.example', 'a.example'], ['b.example', 'xa.example']],
  ['127.0.0.1', ['2001:db8::1'], ['[2001:db8::1]'], ['[2001:db8::2]']],
  // An address or a name without a dot cannot be the name of a web site.
  ['0.0.0.0', [], ['192.0.2.1', '[2001:db8::1]', '0.0.0.0', 'todo'], ['a.example', 'todo.']],
  ['::', ['a.example'], ['192.0.2.1', 'todo', 'a.example'], ['b.example']],
])(
  'ownHosts() for the address %j and the names %j accepts %j and not %j',
  (address, allowed, accepted, refused) => {
    const isOwnHost = ownHosts([address, ...allowed]);
    expect([...LOOPBACK, ...accepted].filter((name) => !isOwnHost(name))).toEqual([]);
    expect(refused.filter(isOwnHost)).toEqual([]);
  },
);

test.each([
  ['localhost:9464', ['localhost'], undefined],
  ['LOCALHOST', ['localhost'], undefined],
  ['todo.localhost', ['localhost'], undefined],
  ['127.0.0.1:9464', ['localhost'], undefined],
  ['[::1]:9464', ['localhost'], undefined],
  ['10.1.2.3:9464', ['localhost'], 421],
  ['app:9464', ['localhost'], 421],
  ['localhost.evil.example', ['localhost'], 421],
  ['metrics.internal', ['metrics.internal'], undefined],
  ['Metrics.Internal:80', ['localhost', 'metrics.internal'], undefined],
  ['10.1.2.3:9464', ['10.1.2.3'], undefined],
  ['10.1.2.3:9464', ['0.0.0.0'], undefined],
  ['[fd00::1]', ['::'], undefined],
  ['app:9464', ['0.0.0.0'], undefined],
  ['evil.example', ['0.0.0.0'], 421],
  ['', ['0.0.0.0'], 400],
  [undefined, ['0.0.0.0'], 400],
  ['user@localhost', ['localhost'], 400],
  ['localhost/', ['localhost'], 400],
  ['localhost:', ['localhost'], 400],
  ['localhost:123456', ['localhost'], 400],
  ['localhost, localhost', ['localhost'], 400],
])('refuseHost(%j) of a server at %j returns %j', (authority, allowed, expected) => {
  expect(refuseHost(authority, ownHosts(allowed))).toBe(expected);
});

test.each(['LOCALHOST', '127.0.0.2', '::1', '[::1]', 'todo.localhost'])(
  'isLoopback() accepts %j',
  (host) => {
    expect(isLoopback(host)).toBe(true);
  },
);

test.each(['0.0.0.0', '::', '192.0.2.1', 'todo', '127.evil.example', 'localhost.evil.example'])(
  'isLoopback() refuses %j',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);
