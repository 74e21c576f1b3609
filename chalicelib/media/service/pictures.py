"""Pictures that a brand shows: of its products, and its logo. The team sends them as members send photos; once a
product or the brand names one it is looked at and kept, under an address that stays.

They alone are under ``shown/``, and what is there is for everyone: the address leads to a link that ends, so the bucket
itself stays closed.
"""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.kernel.ids import new_id
from chalicelib.media.errors import PictureNotUploaded, TooManyUploads
from chalicelib.media.model import check_announced, picture_in
from chalicelib.media.service.files import describe, download_url
from chalicelib.media.service.uploads import FileGone, Upload, granted, looked_at
from chalicelib.rate_limits.model import Budget, LimitReached
from chalicelib.rate_limits.service import most, take
from chalicelib.tenancy import brand_of

_FORMS = "upload_forms_a_team"


def ask(tenant_id: str, content_type: str, size: int, now: datetime) -> Upload:
    """A form for one picture of this type and of exactly ``size`` bytes, good for ten minutes.

    Raises WrongFileType, WrongFileSize, TooManyUploads.
    """
    check_announced(content_type, size)
    try:
        take([Budget.of(_FORMS, tenant_id)], now)
    except LimitReached as spent:
        raise TooManyUploads(
            f"At most {most(_FORMS)} pictures an hour are taken from one brand; send more later.",
            detail_zh=f"每个品牌每小时最多上传 {most(_FORMS)} 张图片，请稍后再试。",
            retry_after=spent.retry_after,
        ) from spent
    picture_id = new_id(now)
    return granted(picture_id, _sent(tenant_id, picture_id), content_type, size, now)


def keep(tenant_id: str, addresses: Iterable[tuple[str, str]]) -> None:
    """Keeps the brand's own pictures among the addresses, each given with its field's pointer; one kept already stays.

    Raises PictureNotUploaded, WrongFileType, WrongFileSize, TooManyPixels, each at its pointer.
    """
    for pointer, address in addresses:
        picture_id = picture_in(address, brand_of(tenant_id).slug)
        if picture_id is None or (picture_id and describe(_shown(tenant_id, picture_id))):
            continue
        try:
            looked_at(_sent(tenant_id, picture_id), pointer).copy_to(_shown(tenant_id, picture_id), for_ever=True)
        except FileGone as gone:
            message = "There is no such picture of yours; ask for an upload, send the file, then use its address."
            raise PictureNotUploaded.at(pointer, message, "图片尚未上传，请先上传再使用其地址。") from gone


def link(tenant_id: str, picture_id: str) -> str:
    """Where a picture can be read for an hour; whether there is one shows there."""
    return download_url(_shown(tenant_id, picture_id))


def link_before_kept(tenant_id: str, picture_id: str) -> str:
    """Where a picture that was sent can be read for an hour by who fills in the form that will name it."""
    return download_url(_sent(tenant_id, picture_id))


def _sent(tenant_id: str, picture_id: str) -> str:
    """Where the form lets a file in."""
    return f"{tenant_id}/uploads/team/{picture_id}"


def _shown(tenant_id: str, picture_id: str) -> str:
    return f"{tenant_id}/shown/{picture_id}"
