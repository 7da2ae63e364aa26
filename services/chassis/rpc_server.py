"""nameko's RPC entrypoint on queues that set-up declared, with replies that cannot hang the worker.

What differs from nameko 2.14.1 and why is in docs/decisions/0002: no declaration at start (the service's user
has no configure right), prefetch by choice, settled deliveries that survive a dead socket, replies without
confirms.
"""

import json
from typing import Any

import structlog
from kombu import Exchange, Queue
from nameko.exceptions import serialize
from nameko.rpc import Rpc, RpcConsumer

from services.chassis.consumer import DrainingConsumer
from services.chassis.publisher import ReplyPublisher
from services.chassis.topology import RPC_EXCHANGE, rpc_queue

_log = structlog.get_logger(__name__)


class CallConsumer(RpcConsumer):
    """Consumes `rpc-<service>` and answers to the queue the caller named."""

    queue_consumer = DrainingConsumer()

    def setup(self) -> None:
        """Register with the shared consumer."""
        if getattr(self, "queue", None) is None:
            service = self.container.service_name
            exchange = Exchange(RPC_EXCHANGE, type="topic", durable=True, no_declare=True)
            self.queue = Queue(rpc_queue(service), exchange=exchange, durable=True, no_declare=True)
            self.replies = ReplyPublisher(self.container.config["AMQP_URI"], RPC_EXCHANGE)
            self.queue_consumer.register_provider(self)
            self._registered = True

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """Answer, then acknowledge; a caller that cannot be answered asks again under its key."""
        error = serialize(exc_info[1]) if exc_info is not None else None
        reply_to = message.properties.get("reply_to")
        if reply_to:
            body = json.dumps({"result": result, "error": error}, ensure_ascii=False)
            try:
                self.replies.publish(reply_to, message.properties.get("correlation_id"), body)
            except Exception as problem:
                _log.warning("a reply could not be sent", error=repr(problem)[:300])
        self.queue_consumer.ack_message(message)
        return result, exc_info


class Call(Rpc):
    """The entrypoint of a command or a query."""

    rpc_consumer = CallConsumer()


call = Call.decorator
