import { Buffer } from 'node:buffer';
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A certificate and its private key, as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority that exists for one test. */
export interface CertificateAuthority extends Certificate {
  issue(options?: CertificateOptions): Certificate;
}

export interface CertificateOptions {
  /** Default `localhost` and the address 127.0.0.1. */
  readonly host?: string;
  /** Default 2099. */
  readonly expires?: Date;
}

/** Makes certificates (RFC 5280) without a tool that a machine may lack: ECDSA on P-256. */
export function createAuthority(): CertificateAuthority {
  const ca = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const isAuthority = extension('551d13', tlv(0x01, Buffer.from([0xff])));
  return {
    ...pem(ca.privateKey, build(ISSUER, ca.publicKey, ca.privateKey, FAR, isAuthority)),
    issue({ host = 'localhost', expires = FAR } = {}) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const address = host === 'localhost' ? tlv(0x87, Buffer.from([127, 0, 0, 1])) : Buffer.of();
      const names = extension('551d11', tlv(0x82, Buffer.from(host)), address);
      return pem(privateKey, build(host, publicKey, ca.privateKey, expires, names));
    },
  };
}

const FAR = new Date('2099-01-01T00:00:00Z');
const ISSUER = 'test CA';

function build(
  subject: string,
  publicKey: KeyObject,
  signer: KeyObject,
  expires: Date,
  extra: Buffer,
): Buffer {
  const ecdsaWithSha256 = sequence(tlv(0x06, Buffer.from('2a8648ce3d040302', 'hex')));
  const toBeSigned = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    name(ISSUER),
    sequence(time(new Date('2000-01-01T00:00:00Z')), time(expires)),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(extra)),
  );
  return sequence(toBeSigned, ecdsaWithSha256, bits(sign('sha256', toBeSigned, signer)));
}

function pem(key: KeyObject, certificate: Buffer): Certificate {
  const lines = certificate.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: String(key.export({ type: 'pkcs8', format: 'pem' })),
  };
}

/** Encodes type, length and value (DER). */
function tlv(type: number, ...values: Buffer[]): Buffer {
  const value = Buffer.concat(values);
  const { length } = value;
  const header =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([type, ...header]), value]);
}

function sequence(...values: Buffer[]): Buffer {
  return tlv(0x30, ...values);
}

function bits(value: Buffer): Buffer {
  return tlv(0x03, Buffer.from([0]), value);
}

/** Encodes a time: the year has two digits until 2049, then four. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  const isShort = date.getUTCFullYear() < 2050;
  return tlv(isShort ? 0x17 : 0x18, Buffer.from(isShort ? digits.slice(2) : digits));
}

/** Encodes a distinguished name with a common name only. */
function name(commonName: string): Buffer {
  const type = tlv(0x06, Buffer.from('550403', 'hex'));
  return sequence(tlv(0x31, sequence(type, tlv(0x0c, Buffer.from(commonName)))));
}

function extension(id: string, ...content: Buffer[]): Buffer {
  return sequence(tlv(0x06, Buffer.from(id, 'hex')), tlv(0x04, sequence(...content)));
}
