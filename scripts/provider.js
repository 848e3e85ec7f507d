'use strict';

// A provider of identities for the browser test: oidc-provider, which others made and had certified, on this machine.

const http = require('node:http');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

/** Starts one that knows one client and lets anybody in who types something; gives its address and a way to end it. */
async function startProvider(home, wayBack) {
  const file = path.join(home, 'node_modules', 'oidc-provider', 'lib', 'index.js');
  const { default: Provider } = await import(pathToFileURL(file));
  const server = http.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://localhost:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'shirube', client_secret: 'a secret of the test', redirect_uris: [wayBack], response_types: ['code'], grant_types: ['authorization_code'] }],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  server.on('request', provider.callback());
  return { issuer, end: () => server.close() };
}

module.exports = { startProvider };
