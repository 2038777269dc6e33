import { randomBytes } from 'node:crypto';
import { freePorts } from '#local-stack/base/ports.ts';
import type { Door } from '#local-stack/parts/kafka/kafka.ts';
import { newCertificate } from './certificate.ts';

/** A listener of every broker with TLS and a login, and the settings with which services use it. */
export async function securedDoor(folder: string, brokers: number) {
  const secret = randomBytes(12).toString('hex');
  const { pem, ca } = await newCertificate(folder);
  const ports = await freePorts(brokers);
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const door: Door = {
    protocol: 'SASL_SSL',
    ports: ports.map((port) => ({ listen: port, advertised: port })),
    properties: {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': pem,
      'sasl.enabled.mechanisms': 'PLAIN',
      'plain.sasl.jaas.config': `${login} user_movies="${secret}";`,
    },
  };
  const settings = {
    KAFKA_BROKERS: ports.map((port) => `127.0.0.1:${port}`).join(','),
    KAFKA_SSL: 'true',
    KAFKA_SSL_CA: ca,
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_SASL_USERNAME: 'movies',
    KAFKA_SASL_PASSWORD: secret,
  };
  return { door, settings };
}
