"""Text messages by SNS."""

from botocore.exceptions import ClientError

from chalicelib.aws import client
from chalicelib.kernel.text import fit
from chalicelib.notices.media.service.refusals import explained
from chalicelib.notices.model.letters import BadAddress, Letter, Sent
from chalicelib.notices.model.sms import MOST_LETTERS, plainer, sms_length


def send_sms(to: str, letter: Letter) -> Sent:
    """Sends the text to one phone, as a transactional message: codes must not wait."""
    if not to.startswith("+") or not (to[1:].isascii() and to[1:].isdigit()):
        raise BadAddress("not a phone number with its country code")
    text = _fitting(plainer(letter.text))
    kind = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
    try:
        answer = client("sns").publish(PhoneNumber=to, Message=text, MessageAttributes=kind)
    except ClientError as refused:
        raise explained(refused) from refused
    return Sent(str(answer["MessageId"]), sms_length(text).parts)


def _fitting(text: str) -> str:
    """The text as far as SNS takes one, cut between letters as people see them."""
    if len(text) <= MOST_LETTERS:
        return text
    return fit(text, len(text[: MOST_LETTERS - 1].encode())) + "…"
