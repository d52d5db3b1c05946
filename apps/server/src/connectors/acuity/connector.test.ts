import { describeConnector } from "../connector.contract.ts";
import { acuityConnector } from "./connector.ts";
import { acuityMessage } from "./fixtures.ts";
import { signedHeaders } from "./signature.ts";

const cannot = "a message only names an appointment: the API tells its state";

describeConnector("acuity", {
  connector: acuityConnector,
  sign: signedHeaders,
  thin: cannot,
  samples: {
    created: acuityMessage("scheduled"),
    requested: { cannot },
    rescheduled: acuityMessage("rescheduled"),
    cancelled: acuityMessage("canceled"),
    rejected: { cannot },
    started: { cannot },
    completed: { cannot },
    no_show: { cannot },
    no_show_cleared: { cannot },
  },
  reschedulesUnderNewId: false,
  unknownTrigger: acuityMessage("order.completed"),
  withoutStart: acuityMessage("scheduled"),
  withStart: () => acuityMessage("scheduled"),
});
