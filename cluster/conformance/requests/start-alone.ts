import { silentLogger, systemClock } from '@kit/base';
import { startApiServer } from '../../apiserver/start-api-server.ts';
import { definitionController } from '../../controllers/definitions/definition-controller.ts';
import { EventRecorder } from '../../reconcile/event-recorder.ts';
import { InformerSet } from '../../reconcile/informer-set.ts';
import { ApiAccess } from './api-access.ts';

/** The one line of the token file that the real server was started with. */
const alice = { token: 'alice-token', user: 'alice', uid: 'uid-alice', groups: ['devs'] };

/** An API server with nothing around it but what a real one does by itself: definitions become kinds. */
export async function startAlone(): Promise<{ access: ApiAccess; stop(): Promise<void> }> {
  const [clock, log] = [systemClock, silentLogger];
  const server = await startApiServer({ host: '127.0.0.1', port: 0, clock, log, knownTokens: [alice] });
  const { client } = server;
  const informers = new InformerSet({ client, clock, log });
  const recorder = (component: string): EventRecorder => new EventRecorder({ client, clock, log, component });
  const controller = definitionController({ client, clock, log, informers, recorder });
  await informers.start();
  controller.start();
  const access = new ApiAccess(server.kubeconfig);
  return {
    access,
    async stop() {
      access.close();
      informers.stop();
      await controller.stop();
      await server.stop();
    },
  };
}
