import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePorts } from '#local-stack/base/ports.ts';
import { runOrFail } from '#local-stack/base/run.ts';
import type { Door } from '#local-stack/parts/kafka/kafka.ts';

/** A listener of every broker with TLS and a login, and the settings with which services use it. */
export async function securedDoor(folder: string, brokers: number) {
  const secret = randomBytes(12).toString('hex');
  const keystore = join(folder, 'brokers.p12');
  const ca = join(folder, 'ca.pem');
  const store = ['-keystore', keystore, '-storetype', 'PKCS12', '-storepass', secret];
  await runOrFail('keytool', [
    ...['-genkeypair', '-alias', 'brokers', '-keyalg', 'EC', '-dname', 'CN=brokers'],
    ...['-ext', 'san=ip:127.0.0.1', '-ext', 'bc=ca:true', '-validity', '2', ...store],
  ]);
  await runOrFail('keytool', ['-exportcert', '-rfc', '-alias', 'brokers', '-file', ca, ...store]);
  const ports = await freePorts(brokers);
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const door: Door = {
    protocol: 'SASL_SSL',
    ports: ports.map((port) => ({ listen: port, advertised: port })),
    properties: {
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.location': keystore,
      'ssl.keystore.password': secret,
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
