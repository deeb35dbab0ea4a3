/// <reference lib="esnext.disposable" />
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { WebhookSender } from '../../../src/webhooks/send/webhook-sender.js';
import { describeWith } from '../../support/programs.js';
import { type Certificate, makeCertificate } from '../../support/certificate.js';
import { type PartnerServer, startPartner, startTlsPartner } from './partner-server.js';

const DAY = 1;
const YESTERDAY = -1;

let resources: AsyncDisposableStack;
beforeEach(() => {
  resources = new AsyncDisposableStack();
});
afterEach(() => resources.disposeAsync());

const newSender = () => {
  const sender = new WebhookSender({ allowPrivate: true, httpsOnly: true });
  resources.defer(() => {
    sender.close();
  });
  return sender;
};

describeWith('openssl')('the certificate of a partner', () => {
  let valid: Certificate;
  let expired: Certificate;
  let ofAnotherName: Certificate;
  beforeAll(() => {
    valid = makeCertificate('localhost', DAY);
    expired = makeCertificate('localhost', YESTERDAY);
    ofAnotherName = makeCertificate('hooks.example', DAY);
  });

  const trusted = getCACertificates('default');
  const trust = ({ cert }: Certificate) => {
    setDefaultCACertificates([...trusted, cert]);
  };
  afterEach(() => {
    setDefaultCACertificates(trusted);
    vi.unstubAllEnvs();
  });

  let requests = 0;
  const sendTo = async (certificate: Certificate) => {
    requests = 0;
    const server: PartnerServer = resources.adopt(
      await startTlsPartner(certificate, (_request, response) => {
        requests += 1;
        response.end();
      }),
      (it) => it.close(),
    );
    const sender = newSender();
    return sender.send(`https://localhost:${server.port}/`, {}, '{}');
  };
  const notValid = { status: null, error: 'TLS certificate not valid' };

  test('is accepted if it is of a trusted issuer, of its name, and in its time', async () => {
    trust(valid);
    expect(await sendTo(valid)).toMatchObject({ status: 200, error: null });
    expect(requests).toBe(1);
  });

  test('is refused if its issuer is not trusted', async () => {
    expect(await sendTo(valid)).toMatchObject(notValid);
    expect(requests).toBe(0);
  });

  test('is refused if it has expired', async () => {
    trust(expired);
    expect(await sendTo(expired)).toMatchObject(notValid);
    expect(requests).toBe(0);
  });

  test('is refused if it is of another name', async () => {
    trust(ofAnotherName);
    expect(await sendTo(ofAnotherName)).toMatchObject(notValid);
    expect(requests).toBe(0);
  });

  test('is checked even if NODE_TLS_REJECT_UNAUTHORIZED is 0', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    expect(await sendTo(valid)).toMatchObject(notValid);
    expect(requests).toBe(0);
  });

  test('is missing on a server that has no TLS', async () => {
    const server = resources.adopt(await startPartner(() => {}), (it) => it.close());
    const sender = newSender();
    expect(await sender.send(`https://localhost:${server.port}/`, {}, '{}')).toMatchObject({
      status: null,
      error: 'TLS handshake failed',
    });
  });
});
