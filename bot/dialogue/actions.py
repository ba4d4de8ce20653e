"""Rasa's action endpoint, in the same process: the custom actions without an HTTP round trip.

The project stays a stock Rasa project (`endpoints.yml` names an action server and `python -m rasa_sdk` runs it); 连宝's own server calls the same executor
directly. Why: docs/decisions/0004-one-process.md.
"""

from __future__ import annotations

import json
import logging
from typing import Any

import rasa.core.actions.action
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

logger = logging.getLogger(__name__)


class TrustedAction(RemoteAction):
    """A custom action whose result comes from this process.

    Rasa checks each result, and the schema that it checks it by, against JSON Schema: three quarters of a turn's time. Here the result is built by rasa_sdk's
    own functions a moment before.
    """

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        return True


class InProcessActions(EndpointConfig):
    """Runs the actions of the package `actions`.

    An action that breaks answers with `utter_internal_error` and changes nothing, instead of Rasa's silence.
    """

    def __init__(self) -> None:
        super().__init__(url="inprocess", enable_selective_domain=True)
        rasa.core.actions.action.RemoteAction = TrustedAction  # the class that Rasa makes custom actions of; it has no setting for it
        self.executor = ActionExecutor()
        self.executor.register_package("actions")

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        call = kwargs["json"]
        try:
            return await self.executor.run({"domain": {}, **call})
        except ActionExecutionRejection as rejection:
            body = json.dumps({"action_name": rejection.action_name, "error": str(rejection)})
            raise ClientResponseError(400, "rejected", body) from rejection
        except Exception as error:
            logger.error("action %s broke: %s", call["next_action"], type(error).__name__, exc_info=_trace(error))
            return {"events": [], "responses": [{"response": "utter_internal_error"}]}


def _trace(error: Exception) -> Any:
    """The traceback without the exception's text, which may hold a parent's words."""
    return (type(error), type(error)("(text left out)") if type(error).__init__ is Exception.__init__ else None, error.__traceback__)
