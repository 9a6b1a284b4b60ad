import { generate } from 'selfsigned';

export interface Certificates {
  caPem: string;
  certificatePem: string;
  keyPem: string;
}

const DAY = 24 * 60 * 60 * 1000;

/** Makes a throw-away certificate authority and a server certificate for the loopback; nothing is written to disk. */
export async function makeCertificates(): Promise<Certificates> {
  const life = { notBeforeDate: new Date(Date.now() - DAY), notAfterDate: new Date(Date.now() + 30 * DAY) };
  const common = { keyType: 'ec', algorithm: 'sha256', ...life } as const;
  const authority = await generate([{ name: 'commonName', value: 'Muster sandbox CA' }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'Muster sandbox API server' }], {
    ...common,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { caPem: authority.cert, certificatePem: server.cert, keyPem: server.private };
}
